"""Alarms (疑点) that the counts of scans give: rules, the daily judgement, closing."""
