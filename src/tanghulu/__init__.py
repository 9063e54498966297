"""Tanghulu: a picture and a record of every step of a risky job."""

__version__ = "0.1.0"
