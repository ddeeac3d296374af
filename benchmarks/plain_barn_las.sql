-- The files of benchmarks/innehall.py for children and young people, read with their types declared.
create temp table barn as
select * from read_csv('$MAPP/barn.csv', delim=';', header=true, auto_detect=false, columns={
    'kommun_kod': 'VARCHAR', 'stadsdel_kod': 'VARCHAR', 'period': 'VARCHAR', 'barn_id': 'VARCHAR',
    'personnummer': 'VARCHAR', 'fodelsear': 'INTEGER'});

create temp table insats as
select * from read_csv('$MAPP/insats.csv', delim=';', header=true, auto_detect=false, columns={
    'kommun_kod': 'VARCHAR', 'stadsdel_kod': 'VARCHAR', 'period': 'VARCHAR', 'insats_id': 'VARCHAR',
    'barn_id': 'VARCHAR', 'insatstyp_kod': 'VARCHAR'});

create temp table placering as
select * from read_csv('$MAPP/placering.csv', delim=';', header=true, auto_detect=false, columns={
    'kommun_kod': 'VARCHAR', 'stadsdel_kod': 'VARCHAR', 'period': 'VARCHAR', 'insats_id': 'VARCHAR',
    'placering_nr': 'INTEGER', 'placeringsform_kod': 'VARCHAR', 'placering_start_datum': 'DATE',
    'placering_slut_datum': 'DATE'});

create temp table oppenvard as
select * from read_csv('$MAPP/oppenvard_mangd.csv', delim=';', header=true, auto_detect=false, columns={
    'kommun_kod': 'VARCHAR', 'stadsdel_kod': 'VARCHAR', 'period': 'VARCHAR', 'oppenvard_kod': 'VARCHAR',
    'antal': 'INTEGER'});

create temp table aktualisering as
select * from read_csv('$MAPP/aktualisering.csv', delim=';', header=true, auto_detect=false, columns={
    'kommun_kod': 'VARCHAR', 'stadsdel_kod': 'VARCHAR', 'period': 'VARCHAR', 'personnummer': 'VARCHAR',
    'fodelsear': 'INTEGER', 'mottagen_datum': 'DATE'});

create temp table folk as
select * from read_csv('$MAPP/befolkning_barn.csv', delim=';', header=true, auto_detect=false, columns={
    'kommun_kod': 'VARCHAR', 'lan_kod': 'VARCHAR', 'ar': 'INTEGER', 'antal': 'BIGINT'});
