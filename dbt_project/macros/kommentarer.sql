{#- Column comments without asking the database which columns there are: every column described is in its table, which
    a structure test and the models' contracts hold. dbt-duckdb's own macro asks for each table. -#}
{% macro duckdb__alter_column_comment(relation, column_dict) %}
    {%- for namn, kolumn in column_dict.items() %}
    comment on column {{ relation }}.{{ namn }} is {{ duckdb_escape_comment(kolumn['description']) }};
    {%- endfor %}
{% endmacro %}
