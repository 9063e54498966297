"""Signed events, the log that holds them, evidence packs and their verifier. No Django, no I/O, no clock, no chance."""
