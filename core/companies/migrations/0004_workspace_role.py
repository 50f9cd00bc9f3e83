"""The role of requests (core.companies.isolation): everything a page may do, in one workspace."""

from django.db import migrations

ROLE = "jeongsan_workspace"

FORWARD = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        CREATE ROLE {ROLE} NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of this server
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role {ROLE} is missing, and % may not create it', current_user
            USING HINT = 'As a superuser: CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO '
                || quote_ident(current_user) || ';', ERRCODE = 'insufficient_privilege';
END $$;
DO $$
BEGIN
    IF NOT pg_has_role(current_user, '{ROLE}', 'SET') THEN
        EXECUTE format('GRANT {ROLE} TO %I', current_user);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO {ROLE}', current_schema);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO {ROLE}',
        current_schema);
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO {ROLE}', current_schema);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {ROLE}', current_schema);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE ON SEQUENCES TO {ROLE}',
        current_schema);
END $$;
"""

BACKWARD = f"""
DO $$
DECLARE policy record;
BEGIN
    FOR policy IN SELECT * FROM pg_policies
        WHERE schemaname = current_schema AND '{ROLE}' = ANY(roles)
    LOOP
        EXECUTE format('DROP POLICY %I ON %I', policy.policyname, policy.tablename);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', policy.tablename);
    END LOOP;
END $$;
DROP OWNED BY {ROLE};
"""
"""The role itself may serve another database of this server: it stays."""


class Migration(migrations.Migration):
    dependencies = [("companies", "0003_secret_rotation")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
