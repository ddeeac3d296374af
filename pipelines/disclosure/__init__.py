"""Small-count protection: the table of shifts it is made with, and the attacks that must fail."""
