-- The files of benchmarks/innehall.py, read with their types declared.
create temp table hushall as
select * from read_csv('$MAPP/hushall.csv', delim=';', header=true, auto_detect=false, columns={
    'kommun_kod': 'VARCHAR', 'stadsdel_kod': 'VARCHAR', 'period': 'VARCHAR', 'hushall_id': 'VARCHAR',
    'hushallstyp_kod': 'VARCHAR', 'antal_barn': 'INTEGER', 'utrikes_fodd_kod': 'VARCHAR', 'belopp_kr': 'DECIMAL(10,2)'})
where belopp_kr > 0;

create temp table person as
select * from read_csv('$MAPP/person.csv', delim=';', header=true, auto_detect=false, columns={
    'kommun_kod': 'VARCHAR', 'stadsdel_kod': 'VARCHAR', 'period': 'VARCHAR', 'hushall_id': 'VARCHAR',
    'personnummer': 'VARCHAR', 'id_typ': 'VARCHAR', 'fodelsear': 'INTEGER', 'kon_kod': 'VARCHAR', 'roll_kod': 'VARCHAR',
    'fodd_utrikes': 'VARCHAR', 'forsorjningshinder_kod': 'VARCHAR', 'arbetsmarknadsinsats_kod': 'VARCHAR'});

create temp table avslut as
select * from read_csv('$MAPP/avslut.csv', delim=';', header=true, auto_detect=false, columns={
    'kommun_kod': 'VARCHAR', 'stadsdel_kod': 'VARCHAR', 'period': 'VARCHAR', 'hushall_id': 'VARCHAR',
    'avslutsorsak_kod': 'VARCHAR', 'avslut_datum': 'DATE'});

create temp table folk as
select kommun_kod, lan_kod, ar, antal, antal_barn, antal_unga, antal_vuxna from read_csv('$MAPP/befolkning.csv',
    delim=';', header=true, auto_detect=false, columns={'kommun_kod': 'VARCHAR', 'lan_kod': 'VARCHAR', 'ar': 'INTEGER',
    'antal': 'BIGINT', 'antal_barn': 'BIGINT', 'antal_unga': 'BIGINT', 'antal_vuxna': 'BIGINT'});

create temp table leverans as
select * from read_csv('$MAPP/leverans.csv', delim=';', header=true, auto_detect=false, columns={
    'kommun_kod': 'VARCHAR', 'dataset': 'VARCHAR', 'period': 'VARCHAR', 'ar_i_tid': 'BOOLEAN', 'ar_godkand': 'BOOLEAN'});

