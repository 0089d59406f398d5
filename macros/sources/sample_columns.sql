{#-
    What a sample can say, and as what type: the one shape in which every source but CVAT tells of
    work. Then what is known of each copy of it.
-#}
{% macro sample_columns() -%}
    {%- set columns = {} -%}
    {%- for type, names in {
        'varchar': [
            'event_type', 'entity_type', 'action', 'role', 'pod_type', 'service_type',
            'service_name', 'status', 'label', 'annotation_type', 'annotation_source', 'surface',
            'annotator', 'function_name', 'node_status', 'figure', 'legend', 'user_name', 'payload',
            'user_id', 'org_id', 'project_id', 'account_id', 'dataset_id', 'task_id',
            'assignment_id', 'item_id', 'service_id', 'pod_id', 'model_id', 'snapshot_id',
            'pipeline_id', 'trigger_id', 'pipeline_execution_id', 'node_id', 'ontology_id',
            'annotation_id', 'issue_id', 'file_id', 'not_utf8_columns', 'not_utf8_text',
        ],
        'bigint': [
            'line_number', 'sample_number', 'annotation_count', 'total_items', 'restart_count',
            'queue_size', 'duration_ms', 'function_duration_ms', 'sample_interval_ms',
            'clock_off_ms',
        ],
        'double': ['x', 'y'],
        'boolean': ['is_bulk', 'is_unit', 'is_accepted'],
        'timestamp': ['started_at', 'ended_at'],
        'ubigint': ['event_id'],
    }.items() -%}
        {%- for name in names -%}
            {%- do columns.update({name: type}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do return(columns) -%}
{%- endmacro %}
