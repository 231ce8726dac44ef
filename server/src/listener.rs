//! Where connections wait until they are accepted.

use std::io;
use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpSocket};

/// Connections that wait to be accepted. After a restart everybody comes back at once, and the system drops silently
/// what finds no place here: such a page tries again after one second, then three. The system's own limit is usually as
/// many (`net.core.somaxconn`), and a smaller one of it counts.
const BACKLOG: u32 = 4_096;
/// The system gives up a peer that takes nothing for this long, in milliseconds.
const USER_TIMEOUT: u32 = 30_000;

/// Listens at an address, with room for everybody who comes back after a restart. Connections take over how the system
/// treats them: what is said goes out at once, and a peer that is gone without a word is noticed.
///
/// # Errors
/// The system does not give this process the address.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Connections of a process that is gone keep the port for a minute otherwise.
    socket.set_reuseaddr(true)?;
    // Before anybody can come: who waits to be accepted has taken them over already.
    socket.set_nodelay(true)?;
    rustix::net::sockopt::set_tcp_user_timeout(&socket, USER_TIMEOUT)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
