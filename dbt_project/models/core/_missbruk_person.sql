-- Grain: one client row (klient_id) of a missbruk delivery in force. A person with several rows in the year has the
-- highest kön and year of birth of them (R20).
{{ personrader(ref('stg_missbruk__person'), 'missbruk_person', ['klient_id']) }}
