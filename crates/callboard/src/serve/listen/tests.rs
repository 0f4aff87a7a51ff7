use callboard_config::ListenAddress;

use super::{TAKEN_WITHIN, bind, parse, prepare};
use crate::failure::Status;

#[test]
fn an_address_is_read_as_in_the_configuration() {
    assert_eq!(parse(":80").unwrap(), ListenAddress { host: None, port: 80 });
    assert_eq!(parse("localhost:8080").unwrap(), ListenAddress { host: Some("localhost".to_owned()), port: 8080 });
    assert_eq!(parse("nowhere").unwrap_err().status, Status::Usage);
}

#[tokio::test]
async fn a_taken_port_is_told_with_a_way_out() {
    let address = ListenAddress { host: Some("127.0.0.1".to_owned()), port: 0 };
    let first = bind(&address).await.unwrap();
    let port = first.local_addr().unwrap().port();
    let failure = bind(&ListenAddress { port, ..address }).await.unwrap_err();
    assert_eq!(failure.status, Status::Unavailable);
    let text = failure.to_string();
    assert!(text.contains(&format!("127.0.0.1:{port}")) && text.contains("--listen"), "{text}");
}

#[tokio::test]
async fn every_interface_works_with_and_without_ipv6() {
    assert!(bind(&ListenAddress { host: None, port: 0 }).await.is_ok());
}

#[tokio::test]
async fn a_connection_sends_at_once_and_is_not_kept_for_whoever_takes_nothing() {
    let listener = bind(&ListenAddress { host: Some("127.0.0.1".to_owned()), port: 0 }).await.unwrap();
    let _client = tokio::net::TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (mut connection, _) = listener.accept().await.unwrap();
    prepare(&mut connection);
    assert!(connection.nodelay().unwrap());
    #[cfg(target_os = "linux")]
    {
        assert_eq!(socket2::SockRef::from(&connection).tcp_user_timeout().unwrap(), Some(TAKEN_WITHIN));
    }
}
