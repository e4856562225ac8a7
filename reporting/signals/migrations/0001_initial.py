
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('programmes', '0091_own_plan_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='SignalLimits',
            fields=[
                ('programme', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='signal_limits', serialize=False, to='programmes.programme')),
                ('behind_rounds', models.PositiveSmallIntegerField(default=2)),
                ('other_rounds', models.PositiveSmallIntegerField(default=1)),
                ('grace_days', models.PositiveSmallIntegerField(default=0)),
                ('below_percent', models.PositiveSmallIntegerField(default=0)),
                ('unchanged_characters', models.PositiveSmallIntegerField(default=20)),
                ('silent_rounds', models.PositiveSmallIntegerField(default=2)),
                ('late_times', models.PositiveSmallIntegerField(default=2)),
                ('late_days', models.PositiveSmallIntegerField(default=1)),
                ('worries', models.JSONField(blank=True, null=True)),
                ('off', models.JSONField(blank=True, default=list)),
                ('changed_at', models.DateTimeField()),
                ('changed_by_id', models.BigIntegerField(null=True)),
                ('changed_by_name', models.TextField()),
            ],
            options={
                'ordering': ['programme'],
                'constraints': [models.CheckConstraint(condition=models.Q(('behind_rounds__gte', 2), ('behind_rounds__lte', 6), ('other_rounds__gte', 1), ('other_rounds__lte', 5), ('silent_rounds__gte', 1), ('silent_rounds__lte', 20), ('late_times__gte', 1), ('late_times__lte', 20)), name='rounds_that_are_noticed_are_within_reason'), models.CheckConstraint(condition=models.Q(('below_percent__lte', 1000), ('grace_days__lte', 3650), ('unchanged_characters__gte', 1), ('unchanged_characters__lte', 10000), ('late_days__gte', 1), ('late_days__lte', 365)), name='amounts_that_are_noticed_are_within_reason')],
            },
        ),
        migrations.CreateModel(
            name='SetAside',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('behind', 'behind plan several times running'), ('other', '“4 other” without recovery'), ('passed', 'date to achieve by has passed'), ('below', 'worse than the baseline'), ('unchanged', 'same text as last time'), ('no_number', 'never a number'), ('outlook', 'outlook with difficulties'), ('late', 'late several times')], max_length=20)),
                ('place', models.CharField(blank=True, max_length=100)),
                ('cause', models.CharField(max_length=40)),
                ('note', models.TextField(verbose_name='note')),
                ('at', models.DateTimeField()),
                ('by_id', models.BigIntegerField(null=True)),
                ('by_name', models.TextField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by_name', models.TextField(blank=True)),
                ('grant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.grant')),
            ],
            options={
                'ordering': ['grant', '-at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('grant', 'kind', 'place', 'cause'), name='a_signal_is_set_aside_once'), models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='what_is_set_aside_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by_name', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_by_name', ''), _negated=True)), _connector='OR'), name='taken_up_again_says_by_whom_and_when')],
            },
        ),
    ]
