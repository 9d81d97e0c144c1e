"""Work items (工单): plates to hang, replace, inspect and repair, with due day and assignee."""
