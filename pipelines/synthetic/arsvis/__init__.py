"""What every simulated society with yearly deliveries shares: senders, plan, packages, planted faults and their truth.

Belongs here: what is the same for barn and missbruk; a `Doman` says what differs. Does not belong here: any society's
events, rows or counts, and anything the real pipeline needs; nothing of landing, contracts or dbt is imported.
"""
