from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0006_editions_in_use"),
    ]
    operations = [
        migrations.AddField(
            model_name='deadline',
            name='closes_on',
            field=models.DateField(blank=True, help_text='After it nothing is handed in for the first time.', null=True, verbose_name='closes on'),
        ),
        migrations.AddField(
            model_name='round',
            name='closes_on',
            field=models.DateField(blank=True, help_text='The last day to hand in at all; null: there is none.', null=True, verbose_name='closes on'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(('closes_on', None), models.Q(('closes_on__gte', models.F('due_on')), models.Q(('extended_to', None), ('closes_on__gte', models.F('extended_to')), _connector='OR')), _connector='OR'), name='a_deadline_closes_after_it_is_due', violation_error_message='The closing date must not be before the due date.'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('closes_on', None), ('closes_on__gte', models.F('due_on')), _connector='OR'), name='a_round_closes_after_it_is_due', violation_error_message='The closing date must not be before the due date.'),
        ),
    ]
