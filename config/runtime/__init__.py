"""What runs Jeongsan on one machine: embedded PostgreSQL and Redis, and the supervisor."""
