"""Adults with substance use of the simulated country: investigations, measures, interviews, compulsory care.

Belongs here: their society, the yearly deliveries of missbruk, asi, lvm and isu, and the truth about them. The persons
are not those of ekonomiskt bistånd or of barn. Does not belong here: anything the real pipeline needs; nothing of
landing, contracts or dbt is imported.
"""
