"""Pages of alarms (疑点) from scans."""
