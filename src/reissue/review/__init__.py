"""The reviewer's rerun: what was published, made again twice, and compared."""
