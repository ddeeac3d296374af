"""Contracts: load, validate and render ODCS contracts. Nothing here reads deliveries or writes data."""
