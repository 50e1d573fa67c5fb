"""What is planned to go wrong with the bot's calls goes wrong so."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from places import ROOT
from sandbox.driver import Sandbox
from sandbox.fault_requests import KNOWN
from sandbox.faults import EVERY_METHOD, Fault, OddAnswer, SlackError
from sandbox.people import hospital
from sandbox.refusals import Json
from sandbox.web_api import CONNECT, METHODS
from sandbox_calls import called, control, posted
from sandbox_counterpart import NURSE, RESULTS, Counterpart, counterpart, echo_manifest, message


@pytest.fixture
async def bot() -> AsyncIterator[Counterpart]:
    async with counterpart() as made:
        yield made


async def error_of(bot: Counterpart, method: str = "chat.postMessage") -> str | None:
    """Slack's word for what was wrong with a call; None where it went well."""
    status, body, _ = await called(bot, method, channel=RESULTS, text="x")
    assert status == 200
    error: str | None = json.loads(body).get("error")
    return error


async def response_url(bot: Counterpart) -> str:
    """Where the bot may answer a command that the nurse has just typed."""
    await bot.sandbox.person(NURSE).command("/echo")
    return str(bot.heard[-1].payload["response_url"])


async def test_a_status_comes_as_often_as_planned_and_nothing_happens(bot: Counterpart) -> None:
    bot.sandbox.faults.plan("chat.postMessage", 503, times=2)
    statuses = []
    for _ in range(3):
        try:
            statuses.append((await bot.client.chat_postMessage(channel=RESULTS, text="x")).status_code)
        except SlackApiError as error:
            statuses.append(error.response.status_code)

    assert statuses == [503, 503, 200]
    assert len(bot.sandbox.channel(RESULTS)) == 1


@pytest.mark.parametrize(("fault", "posted"), [(Fault.DROPPED, 0), (Fault.LOST, 1)])
async def test_a_broken_connection_tells_nothing_of_what_took_effect(
    bot: Counterpart, fault: Fault, posted: int
) -> None:
    bot.sandbox.faults.plan("chat.postMessage", fault)

    with pytest.raises(aiohttp.ClientError):
        await bot.client.chat_postMessage(channel=RESULTS, text="x")

    assert len(bot.sandbox.channel(RESULTS)) == posted


async def test_a_response_url_can_fail_too(bot: Counterpart) -> None:
    await bot.client.chat_postMessage(channel=NURSE, **message("Never"))
    await bot.sandbox.person(NURSE).press("Never")
    bot.sandbox.faults.plan("response_url", 500)

    statuses = [(await bot.respond(text="x"))[0] for _ in range(2)]

    assert statuses == [500, 200]


async def test_another_process_plans_faults_and_sees_what_was_refused(bot: Counterpart) -> None:
    planned = {"method": "chat.postMessage", "fault": "lost", "times": 1}
    assert (await control(bot, "faults", planned))[0] == 200
    with pytest.raises(aiohttp.ClientError):
        await bot.client.chat_postMessage(channel=RESULTS, text="x")
    assert (await control(bot, "scopes", {"scopes": ["chat:write", "commands"]}))[0] == 200
    with pytest.raises(SlackApiError):
        await bot.client.users_list()
    await bot.sandbox.person(NURSE).command("/echo")

    _, seen = await control(bot, "seen")

    assert [(one["method"], one["error"]) for one in seen["refusals"]] == [("users.list", "missing_scope")]
    assert [(one["kind"], one["status"]) for one in seen["acks"]] == [("/echo", 200)]


async def test_a_planned_429_says_when_to_come_again(bot: Counterpart) -> None:
    await control(bot, "faults", {"method": "auth.test", "fault": 429})

    with pytest.raises(SlackApiError) as caught:
        await bot.client.auth_test()

    assert (caught.value.response["error"], caught.value.response.headers["Retry-After"]) == ("ratelimited", "1")


async def test_another_process_asks_the_sockets_to_come_again(bot: Counterpart) -> None:
    assert (await control(bot, "disconnect", {}))[0] == 200


async def test_any_word_of_slacks_comes_as_often_as_planned_and_nothing_happens(bot: Counterpart) -> None:
    await control(bot, "faults", {"method": "chat.postMessage", "error": "token_revoked", "times": 2})

    assert [await error_of(bot) for _ in range(3)] == ["token_revoked", "token_revoked", None]
    assert len(bot.sandbox.channel(RESULTS)) == 1
    assert bot.sandbox.refusals == [], "what was planned is no fault of the bot's"


async def test_what_is_planned_for_a_while_meets_every_call_until_then(bot: Counterpart) -> None:
    now = 100.0
    bot.sandbox.faults.clock = lambda: now
    await control(bot, "faults", {"method": "chat.postMessage", "error": "ekm_access_denied", "seconds": 10})

    early = [await error_of(bot) for _ in range(3)]
    now = 109.9
    late = await error_of(bot)
    now = 110.0

    assert [*early, late] == ["ekm_access_denied"] * 4
    assert await error_of(bot) is None


async def test_what_was_planned_first_happens_first(bot: Counterpart) -> None:
    for word in ("rate_limited", "fatal_error"):
        bot.sandbox.faults.plan("chat.postMessage", SlackError(word))
    bot.sandbox.faults.plan(EVERY_METHOD, SlackError("account_inactive"), times=2)

    assert [await error_of(bot) for _ in range(5)] == ["rate_limited", "fatal_error", *["account_inactive"] * 2, None]


@pytest.mark.parametrize("method", sorted([*METHODS, CONNECT]))
async def test_every_method_can_fail_in_every_way(bot: Counterpart, method: str) -> None:
    bot.sandbox.faults.plan(EVERY_METHOD, SlackError("service_unavailable"))
    bot.sandbox.faults.plan(method, OddAnswer(502), times=1)

    odd, refused = await called(bot, method), await called(bot, method)

    assert odd[:2] == (502, "")
    assert refused[:2] == (200, '{"ok": false, "error": "service_unavailable"}')


async def test_what_every_method_meets_an_upload_and_a_response_url_do_not(bot: Counterpart) -> None:
    bot.sandbox.workspace.scopes |= {"files:write"}
    upload = (await bot.client.files_getUploadURLExternal(filename="a.txt", length=1))["upload_url"]
    bot.sandbox.faults.plan(EVERY_METHOD, 500, times=100)

    assert (await posted(bot, await response_url(bot), json={"text": "x"}))[0] == 200
    assert (await posted(bot, upload, data=b"x"))[0] == 200


ODD = [
    {"status": 503, "body": "Service Unavailable", "headers": {"Retry-After": "1800"}},
    {"status": 502, "body": ""},
    {"status": 429, "body": "slow down", "headers": {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}},
    {"status": 429, "body": '{"ok": false}', "content_type": "application/json", "headers": {"Retry-After": "1e12"}},
    {"body": "[]", "content_type": "application/json"},
    {"body": '{"ok": tr', "content_type": "application/json"},
    {"status": 407, "body": "<h1>Proxy</h1>", "content_type": "text/html; charset=utf-8", "headers": {"Via": "1.1 x"}},
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: f"{odd.get('status', 200)} {odd['body'][:9]}")
@pytest.mark.parametrize("method", ["chat.postMessage", "auth.test", CONNECT, "response_url", "upload"])
async def test_something_else_can_answer_in_slacks_place(bot: Counterpart, method: str, odd: Json) -> None:
    bot.sandbox.workspace.scopes |= {"files:write"}
    upload = (await bot.client.files_getUploadURLExternal(filename="a.txt", length=1))["upload_url"]
    url = await response_url(bot)
    assert (await control(bot, "faults", {"method": method, **odd}))[0] == 200

    match method:
        case "response_url":
            status, body, headers = await posted(bot, url, json={"text": "x"})
        case "upload":
            status, body, headers = await posted(bot, upload, data=b"x")
        case _:
            status, body, headers = await called(bot, method, channel=RESULTS, text="x")

    assert (status, body) == (odd.get("status", 200), odd["body"])
    assert headers["Content-Type"] == odd.get("content_type", "text/plain")
    assert {name: headers[name] for name in odd.get("headers", {})} == odd.get("headers", {})
    assert "X-OAuth-Scopes" not in headers, "that is Slack's to say"
    assert bot.sandbox.channel(RESULTS) == bot.sandbox.person(NURSE).ephemerals == [], "nothing took effect"


async def test_bytes_that_are_no_text_can_come_too(bot: Counterpart) -> None:
    bot.sandbox.faults.plan("auth.test", OddAnswer(body="\ud800"))
    assert bot.client.session is not None

    async with bot.client.session.post(f"{bot.sandbox.api_url}auth.test") as answer:
        assert answer.status == 200  # without a token: Slack refuses, and nothing planned is used up
    async with bot.client.session.post(
        f"{bot.sandbox.api_url}auth.test", data={"token": bot.sandbox.tokens.bot}
    ) as answer:
        assert await answer.read() == b"\xed\xa0\x80"


@pytest.mark.parametrize(("word", "status"), [("used_url", 404), ("invalid_blocks", 200)])
async def test_a_response_url_can_refuse_with_a_word(bot: Counterpart, word: str, status: int) -> None:
    await control(bot, "faults", {"method": "response_url", "error": word})

    told = await posted(bot, await response_url(bot), json={"text": "x"})

    assert told[:2] == (status, f'{{"ok": false, "error": "{word}"}}')
    assert bot.sandbox.person(NURSE).ephemerals == []


async def test_a_slow_answer_comes_after_the_call_took_effect_and_holds_up_nothing_else() -> None:
    async with aiohttp.ClientSession() as session:
        async with Sandbox(hospital(), echo_manifest()) as sandbox:
            client = AsyncWebClient(sandbox.tokens.bot, base_url=sandbox.api_url, session=session, timeout=600)
            sandbox.faults.plan("chat.postMessage", slow=3600)
            asking = asyncio.create_task(client.chat_postMessage(channel=RESULTS, text="x"))

            await sandbox.until(lambda: sandbox.channel(RESULTS))
            assert (await client.auth_test())["ok"]
            assert (await client.chat_postMessage(channel=RESULTS, text="at once"))["ok"]
            assert not asking.done()

        assert (await asking)["ok"], "when the workspace ends, nothing is late any more"


async def test_whatever_comes_can_come_late(bot: Counterpart) -> None:
    for fault in ({"error": "fatal_error"}, {"fault": 503}, {"status": 200, "body": "[]"}, {"fault": "lost"}, {}):
        await control(bot, "faults", {"method": "auth.test", "slow": 0.01, **fault})

    told = [(await called(bot, "auth.test"))[:2] for _ in range(3)]
    with pytest.raises(aiohttp.ClientError):
        await called(bot, "auth.test")

    assert told[0] == (200, '{"ok": false, "error": "fatal_error"}')
    assert (told[1][0], told[2]) == (503, (200, "[]"))
    assert (await called(bot, "auth.test"))[0] == 200
    assert {one["fault"]: one["times"] for one in (await control(bot, "seen"))[1]["faults"]} == {
        "slow fatal_error": 1,
        "slow 503": 1,
        "slow 200": 1,
        "slow lost": 1,
        "slow": 1,
    }


async def test_when_the_bot_waits_no_longer_nothing_is_under_way(bot: Counterpart) -> None:
    bot.sandbox.faults.plan("auth.test", slow=3600)

    with pytest.raises(TimeoutError):
        await posted(
            bot,
            f"{bot.sandbox.api_url}auth.test",
            data={"token": bot.sandbox.tokens.bot},
            timeout=aiohttp.ClientTimeout(total=0.05),
        )

    await bot.sandbox.until(lambda: bot.sandbox.workspace.pulse.under_way == 0)


async def test_what_is_planned_can_be_forgotten(bot: Counterpart) -> None:
    bot.sandbox.faults.plan("chat.postMessage", 500, times=100)
    bot.sandbox.faults.plan(EVERY_METHOD, SlackError("token_revoked"), seconds=1000)

    assert (await control(bot, "faults", {"clear": True}))[0] == 200

    assert await error_of(bot) is None


async def test_another_process_sees_which_faults_the_bot_met_and_how_often(bot: Counterpart) -> None:
    bot.sandbox.faults.plan(EVERY_METHOD, SlackError("token_revoked"), times=3)
    bot.sandbox.faults.plan("response_url", 500, times=9)
    for method in ("chat.postMessage", "auth.test", "chat.postMessage"):
        await error_of(bot, method)
    await posted(bot, await response_url(bot), json={"text": "x"})

    assert (await control(bot, "seen"))[1]["faults"] == [
        {"method": "auth.test", "fault": "token_revoked", "times": 1},
        {"method": "chat.postMessage", "fault": "token_revoked", "times": 2},
        {"method": "response_url", "fault": "500", "times": 1},
    ]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("faults", {"clear": False}),
        ("faults", {"clear": True, "method": "auth.test"}),
        ("faults", {"method": "auth.test", "error": ""}),
        ("faults", {"method": "auth.test", "error": 7}),
        ("faults", {"method": "auth.test", "error": "fatal_error", "fault": "lost"}),
        ("faults", {"method": "auth.test", "error": "fatal_error", "status": 200}),
        ("faults", {"method": "auth.test", "error": "fatal_error", "time": 3}),
        ("faults", {"method": "auth.test", "error": "fatal_error", "times": 3, "seconds": 3}),
        ("faults", {"method": "auth.test", "error": "fatal_error", "seconds": 0}),
        ("faults", {"method": "auth.test", "error": "fatal_error", "seconds": "3"}),
        ("faults", {"method": "auth.test", "error": "fatal_error", "headers": {}}),
        ("faults", {"method": "auth.test", "slow": -1}),
        ("faults", {"method": "auth.test", "slow": 1e12}),
        ("faults", {"method": "auth.test", "status": 100}),
        ("faults", {"method": "auth.test", "status": "503"}),
        ("faults", {"method": "auth.test", "body": ["x"]}),
        ("faults", {"method": "auth.test", "body": "x", "content_type": "a\r\nb"}),
        ("faults", {"method": "auth.test", "body": "x", "headers": {"A": "a\r\nb"}}),
        ("faults", {"method": "auth.test", "body": "x", "headers": {"A b": "a"}}),
        ("faults", {"method": "auth.test", "body": "x", "headers": {"A": 1}}),
        ("faults", {"method": "auth.test", "body": "x", "headers": {"Content-Length": "9"}}),
        ("faults", {"method": "acknowledgement", "error": "fatal_error"}),
        ("faults", {"method": "acknowledgement", "fault": "dropped"}),
        ("event", {}),
        ("event", {"type": "app_home_opened"}),
        ("grid", {}),
        ("grid", {"on": "yes"}),
        ("grid", {"on": True, "org_install": 1}),
        ("faults", {}),
        ("faults", {"fault": "lost"}),
        ("faults", {"method": "auth.test"}),
        ("faults", {"method": "auth.test", "fault": "explode"}),
        ("faults", {"method": "auth.test", "fault": 200}),
        ("faults", {"method": "auth.test", "fault": True}),
        ("faults", {"method": "auth.tset", "fault": 500}),
        ("faults", {"method": "auth.test", "fault": 500, "times": 0}),
        ("faults", {"method": "auth.test", "fault": 500, "times": "once"}),
        ("limits", {}),
        ("limits", {"on": "yes"}),
        ("scopes", {}),
        ("scopes", {"scopes": "chat:write"}),
    ],
)
async def test_what_cannot_be_switched_is_told_as_such(bot: Counterpart, name: str, body: Json) -> None:
    before = bot.sandbox.workspace.scopes

    assert (await control(bot, name, body))[0] == 400
    assert (bot.sandbox.limits.are_on, bot.sandbox.workspace.scopes) == (False, before)
    assert (await bot.client.auth_test())["ok"]


def test_the_page_about_the_sandbox_names_all_that_can_be_planned() -> None:
    page = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")

    assert [name for name in sorted(KNOWN) if f'"{name}"' not in page] == []
