{#- A delivered Parquet source, on any engine. DuckDB resolves the source's external_location itself;
    Spark reads the same files by path. -#}
{% macro parquet(kalla, tabell) -%}
    {{ adapter.dispatch('parquet', 'socialtjanstlagret')(kalla, tabell) }}
{%- endmacro %}

{% macro default__parquet(kalla, tabell) -%}
    {{ source(kalla, tabell) }}
{%- endmacro %}

{% macro spark__parquet(kalla, tabell) -%}
    {%- set relation = source(kalla, tabell) -%}
    {%- if execute -%}
        {%- set nod = graph.sources.values() | selectattr('source_name', 'equalto', kalla)
            | selectattr('name', 'equalto', tabell) | first -%}
        {%- set plats = nod.config.meta.external_location.replace('$name', tabell).split("'")[1] -%}
        parquet.`{{ plats }}`
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}
