"""Approval (审批): the one mechanism by which a second person agrees."""
