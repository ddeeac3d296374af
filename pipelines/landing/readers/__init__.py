"""Readers: one module per file format, each giving the same `Body` for the gate."""
