import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0004_invitation_life'),
        ('filings', '0021_guards_look_in_public'),
        ('programmes', '0010_revisions_count_once'),
    ]

    operations = [
        migrations.CreateModel(
            name='TakenIn',
            fields=[
                ('filing', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='taken_in', serialize=False, to='filings.filing')),
                ('format', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('failure', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['filing'],
            },
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handed_in_at', models.DateTimeField()),
                ('position', models.PositiveIntegerField()),
                ('part', models.CharField(choices=[('row', 'Actual results'), ('remark', 'Remarks on progress'), ('field', 'Other questions'), ('caption', 'Captions of photos and files')], max_length=10)),
                ('anchor', models.CharField(blank=True, max_length=100)),
                ('name', models.TextField(blank=True)),
                ('text', models.TextField()),
                ('folded', models.TextField()),
                ('tokens', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ('distributor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.distributor')),
                ('filing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='filings.filing')),
                ('grant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.grant')),
                ('programme', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.programme')),
                ('round', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.round')),
            ],
            options={
                'ordering': ['-handed_in_at', 'filing', 'position'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['tokens'], name='passages_by_letters'), models.Index(fields=['distributor', '-handed_in_at', 'filing', 'position'], name='passages_newest_first')],
                'constraints': [models.UniqueConstraint(fields=('filing', 'position'), name='one_passage_per_position')],
            },
        ),
        migrations.CreateModel(
            name='ToAsk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('anchor', models.CharField(blank=True, max_length=100)),
                ('words', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.deadline')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
            ],
            options={
                'ordering': ['deadline__grant__organization__name_kana', 'deadline', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('done_at', None)), fields=('person', 'deadline', 'anchor', 'words'), name='the_same_is_on_a_list_once')],
            },
        ),
    ]
