"""The server: OpenAI's API, the agent, its guard and its judge, over the engine of this package."""
