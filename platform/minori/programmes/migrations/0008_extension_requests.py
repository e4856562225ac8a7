import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0001_initial"),
        ("programmes", "0007_closing_dates"),
    ]
    operations = [
        migrations.CreateModel(
            name='ExtensionRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateField(verbose_name='until')),
                ('reason', models.TextField(verbose_name='reason')),
                ('asked_at', models.DateTimeField()),
                ('asked_by_id', models.BigIntegerField(null=True)),
                ('asked_by_name', models.TextField()),
                ('state', models.CharField(choices=[('open', 'waiting for an answer'), ('granted', 'granted'), ('declined', 'declined'), ('withdrawn', 'withdrawn'), ('lapsed', 'ended without an answer')], default='open', max_length=20)),
                ('granted_to', models.DateField(blank=True, null=True)),
                ('answer', models.TextField(blank=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('settled_by_id', models.BigIntegerField(null=True)),
                ('settled_by_name', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['deadline', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='extensionrequest',
            name='deadline',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extension_requests', to='programmes.deadline'),
        ),
        migrations.AddField(
            model_name='extensionrequest',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization'),
        ),
        migrations.AddConstraint(
            model_name='extensionrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('deadline',), name='one_open_extension_request_a_report', violation_error_message='More time has been asked for already; wait for the answer.'),
        ),
        migrations.AddConstraint(
            model_name='extensionrequest',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='an_extension_request_says_why', violation_error_message='Give the reason.'),
        ),
        migrations.AddConstraint(
            model_name='extensionrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('settled_by_name', ''), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('settled_at__isnull', False), models.Q(('settled_by_name', ''), _negated=True)), _connector='OR'), name='a_settled_request_says_by_whom_and_when'),
        ),
        migrations.AddConstraint(
            model_name='extensionrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('granted_to__isnull', False), ('state', 'granted')), models.Q(models.Q(('state', 'granted'), _negated=True), ('granted_to', None)), _connector='OR'), name='a_granted_request_has_its_date'),
        ),
        migrations.AddConstraint(
            model_name='extensionrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='declining_a_request_says_why', violation_error_message='Write why more time is not possible.'),
        ),
    ]
