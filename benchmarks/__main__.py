"""Runs the benchmarks: `python -m benchmarks [attack|clicks|cold_start|collation|crashes|faults|pictures|rounds|year]`."""

import argparse
import asyncio

from benchmarks import attack, clicks, cold_start, collation, crashes, faults, pictures, rounds, servers, year

ALL = {
    "attack": attack.main,
    "clicks": clicks.main,
    "cold_start": cold_start.main,
    "collation": collation.main,
    "crashes": crashes.main,
    "faults": faults.main,
    "pictures": pictures.main,
    "rounds": rounds.main,
    "year": year.main,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Prints figures beside floors; asserts nothing."
    )
    parser.add_argument("which", nargs="*", choices=[*ALL, []], help="all of them unless named")
    chosen = parser.parse_args()
    servers.keep_apart()
    for name in chosen.which or ALL:
        asyncio.run(ALL[name]())


if __name__ == "__main__":
    main()
