"""The reviewer's rerun: build the report twice and compare it with the published one."""
