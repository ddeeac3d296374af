"""Children and young people of the simulated country: care, reports of concern, investigations and what became of it.

Belongs here: their society, the yearly deliveries of bu, aktualisering and bbic, and the truth about them. The children
are not the ones of ekonomiskt bistånd: the two societies share municipalities and nothing else. Does not belong here:
anything the real pipeline needs; nothing of landing, contracts or dbt is imported.
"""
