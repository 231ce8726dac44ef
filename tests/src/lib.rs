//! End to end tests of Attune: a real server on port 0 and real websocket clients.
