from django.db import migrations

from core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [append_only("events_event"), append_only("events_eventseal")]
