"""The Home tab: where one stands, and who coordinates."""
