"""Pages of what plates offer: services (办事服务) and facilities (便民设施)."""
