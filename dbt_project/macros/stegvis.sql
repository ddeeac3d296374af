{#- Building on what the last run built: a large table keeps the rows of the months (or years) of which nothing has
    changed. The body of such a model reads what ar_andrad (or efter_andring) says, the hook before it removes the same; in a whole build
    everything has changed and there is nothing to remove (docs/adr/0010-stegvis-bygge.md). -#}

{#- Whether a row belongs to what has changed: a condition, true for all rows in a whole build. -#}
{% macro ar_andrad(tabell, nyckel) -%}
    {%- if is_incremental() -%}
    exists (select 1 from {{ ref('_andrad_manad') }} as andrad where {{ lika(tabell, 'andrad', nyckel) }})
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- Whether a row stands on what has changed, when it is read out of its own month and all before it: a condition. -#}
{% macro efter_andring(tabell, manad) -%}
    {%- if is_incremental() -%}
    exists (
        select 1
        from (
            select kommun_kod, min(period) as period
            from {{ ref('_andrad_manad') }}
            group by kommun_kod
        ) as forsta
        where {{ tabell }}.kommun_kod = forsta.kommun_kod and {{ manad }} >= forsta.period
    )
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- Removes from a table the rows for which one of these holds. -#}
{% macro glom(relation, villkor) -%}
    {%- if is_incremental() -%}
    delete from {{ relation }} where {{ villkor }}
    {%- endif -%}
{%- endmacro %}

{#- The table that says what the last run built on, if there is one to build on. -#}
{% macro forra_bygget() -%}
    {%- if execute -%}
        {{ return(adapter.get_relation(this.database, this.schema, '_byggd_i_kraft')) }}
    {%- endif -%}
{%- endmacro %}
