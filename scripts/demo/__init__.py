"""Generates the demo register (示例数据): fictitious addresses, areas and duties."""
