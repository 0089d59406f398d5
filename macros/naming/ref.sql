{#-
    A view keeps the names that its text was written with. Without the database's name it
    opens under whatever name a reader attaches the published file.
-#}
{% macro ref() -%}
    {%- do return(builtins.ref(*varargs, **kwargs).include(database=false)) -%}
{%- endmacro %}
