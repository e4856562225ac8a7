"""An invented scheme of any size: many organizations with plans and reports, the same for the same seed."""
