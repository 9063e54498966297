"""Simulated phones: signing clients that play jobs through the real HTTP API, for the demo, journeys and benchmarks."""
