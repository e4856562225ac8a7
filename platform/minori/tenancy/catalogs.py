"""A room's schema as PostgreSQL's catalogs describe it, in words that name neither the schema nor its role.

Two rooms are equal exactly when their descriptions are. As owner: names are taken from a search path of the schema
alone and `public`, so that what PostgreSQL prints needs no prefix.
"""

from typing import Any

from django.db import connection
from psycopg import sql

_OWN = "SELECT oid FROM pg_class WHERE relnamespace = {schema}::regnamespace"

# every query gives texts; `{schema}` is a literal, `{role}` the oid of the room's role
FACTS = {
    "relations": """
        SELECT c.relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
               c.reloptions, obj_description(c.oid, 'pg_class'), pg_get_userbyid(c.relowner)
        FROM pg_class c WHERE c.oid IN ({own})""",
    "columns": """
        SELECT a.attrelid::regclass, row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum), a.attname,
               format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attstorage,
               a.attcompression, a.attcollation::regcollation, pg_get_expr(d.adbin, d.adrelid),
               col_description(a.attrelid, a.attnum)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
        WHERE a.attrelid IN ({own}) AND c.relkind NOT IN ('i', 'S') AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraints": """
        SELECT o.conrelid::regclass, o.conname, o.contype, pg_get_constraintdef(o.oid, true), o.convalidated,
               o.condeferrable, o.condeferred, obj_description(o.oid, 'pg_constraint')
        FROM pg_constraint o WHERE o.connamespace = {schema}::regnamespace""",
    "indexes": """
        SELECT i.indrelid::regclass, i.indexrelid::regclass, pg_get_indexdef(i.indexrelid, 0, true), i.indisunique,
               i.indisprimary, i.indisvalid, i.indisclustered, i.indnullsnotdistinct, i.indimmediate
        FROM pg_index i WHERE i.indexrelid IN ({own})""",
    "sequences": """
        SELECT s.seqrelid::regclass, s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache,
               s.seqcycle, d.refobjid::regclass, d.deptype,
               (SELECT attname FROM pg_attribute WHERE (attrelid, attnum) = (d.refobjid, d.refobjsubid))
        FROM pg_sequence s
        LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.deptype IN ('a', 'i')
        WHERE s.seqrelid IN ({own})""",
    "triggers": """
        SELECT t.tgrelid::regclass, t.tgname, t.tgenabled, pg_get_triggerdef(t.oid, true)
        FROM pg_trigger t WHERE t.tgrelid IN ({own}) AND NOT t.tgisinternal""",
    "functions": """
        SELECT p.proname, pg_get_function_identity_arguments(p.oid), p.prosrc, p.proconfig
        FROM pg_proc p WHERE p.pronamespace = {schema}::regnamespace""",
    "policies": """
        SELECT p.polrelid::regclass, p.polname, p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid),
               pg_get_expr(p.polwithcheck, p.polrelid)
        FROM pg_policy p WHERE p.polrelid IN ({own})""",
    "types": """
        SELECT t.typname, t.typtype FROM pg_type t
        WHERE t.typnamespace = {schema}::regnamespace AND t.typtype <> 'c' AND t.typelem = 0""",
    "statistics": "SELECT stxname FROM pg_statistic_ext WHERE stxnamespace = {schema}::regnamespace",
    "rules": """
        SELECT r.ev_class::regclass, r.rulename FROM pg_rewrite r WHERE r.ev_class IN ({own})""",
    "migrations": "SELECT app, name FROM {table}",
}

GRANTS = {
    "grants": """
        SELECT c.relname, {grantee}, a.privilege_type, a.is_grantable
        FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid IN ({own})""",
    "column grants": """
        SELECT t.attrelid::regclass, t.attname, {grantee}, a.privilege_type
        FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid IN ({own})""",
    "schema grants": """
        SELECT {grantee}, a.privilege_type FROM pg_namespace n, aclexplode(n.nspacl) a
        WHERE n.oid = {schema}::regnamespace""",
    "default grants": """
        SELECT d.defaclobjtype, {grantee}, a.privilege_type FROM pg_default_acl d, aclexplode(d.defaclacl) a
        WHERE d.defaclnamespace = {schema}::regnamespace""",
}
_GRANTEE = "CASE WHEN a.grantee::regrole::text = {role} THEN 'the room' ELSE a.grantee::regrole::text END"

Facts = dict[str, list[str]]


def describe(schema: str, *, role: str = "") -> Facts:
    """Everything about a schema by kind; with `role` also what is granted, the room's role named as such. As owner."""
    asked = FACTS | (GRANTS if role else {})
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', quote_ident(%s) || ', public', true)", [schema])
        found = {kind: _lines(cursor, query, schema, role) for kind, query in asked.items()}
        cursor.execute("SELECT set_config('search_path', 'public', true)")
    return found


def differences(one: Facts, other: Facts) -> list[str]:
    """A line for everything that only one of the two has; empty where they are equal."""
    return [
        f"{kind}: {line}"
        for kind in sorted(one.keys() | other.keys())
        for line in sorted(set(one.get(kind, [])) ^ set(other.get(kind, [])))
    ]


def _lines(cursor: Any, query: str, schema: str, role: str) -> list[str]:
    names = {"schema": sql.Literal(f'"{schema}"'), "table": sql.Identifier(schema, "django_migrations")}
    whole = query.replace("{own}", _OWN).replace("{grantee}", _GRANTEE)
    cursor.execute(sql.SQL(whole).format(**names, role=sql.Literal(role)).as_string(cursor.connection))
    return sorted(
        " | ".join("" if value is None else str(value) for value in row) for row in cursor.fetchall()
    )
