
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0001_initial'),
        ('programmes', '0091_own_plan_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='Talk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('talked_on', models.DateField(verbose_name='day of the talk')),
                ('met', models.TextField(verbose_name='with whom')),
                ('said', models.TextField(verbose_name='what was said')),
                ('next_step', models.TextField(blank=True, verbose_name='next step')),
                ('next_on', models.DateField(blank=True, null=True, verbose_name='next step until')),
                ('struck', models.BooleanField(default=False)),
                ('why', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by_id', models.BigIntegerField(null=True)),
                ('by_name', models.TextField()),
                ('distributor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.distributor')),
                ('grant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.grant')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='profiles.talk')),
            ],
            options={
                'ordering': ['organization', '-talked_on', '-pk'],
                'indexes': [models.Index(fields=['organization', 'distributor', '-talked_on'], name='talks_of_an_organization')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('met', ''), _negated=True), models.Q(('said', ''), _negated=True)), name='a_talk_says_with_whom_and_what'), models.CheckConstraint(condition=models.Q(('next_on', None), models.Q(('next_step', ''), _negated=True), _connector='OR'), name='a_day_belongs_to_a_next_step'), models.CheckConstraint(condition=models.Q(('struck', False), models.Q(('replaces__isnull', False), models.Q(('why', ''), _negated=True)), _connector='OR'), name='a_talk_is_struck_out_with_a_reason')],
            },
        ),
    ]
