"""Work items (工单): what is open in a division, for officers."""
