"""Makes the demo register (示例数据): addresses, areas and duties that exist nowhere."""
