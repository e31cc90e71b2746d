"""What people see: the command line, figures, the report. Nothing imports this package from below."""
