"""Pages of datasets (数据集): the catalogue, one with who sees what, its approval, its rows."""
