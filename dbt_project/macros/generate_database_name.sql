{#- What is never released lies in a file of its own, so that the other can be released as it is: staging, whose views
    carry the machine's paths, and every private model (a name that begins with _). An engine without files has one. -#}
{% macro generate_database_name(custom_database_name=none, node=none) -%}
    {%- if target.type == 'duckdb' and node and (node.name.startswith('_') or 'staging' in node.fqn) -%}
        arbete
    {%- else -%}
        {{ target.database }}
    {%- endif -%}
{%- endmacro %}
