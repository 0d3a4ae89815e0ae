//! The mapping of addresses, networks and URLs, as text.

use crate::codec::{FromAttribute, SetElement, ToAttribute, ValueReader, ValueWriter};
use crate::ground::{ReadError, WriteError};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

macro_rules! texts {
    ($($ty:ty, $expected:literal, $parse:expr;)*) => {$(
        impl FromAttribute for $ty {
            fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
                let parse: fn(&str) -> Option<$ty> = $parse;
                reader.with_str(|text| parse(text).ok_or_else(|| ReadError::value($expected, "the text has another form")))
            }
        }

        /// Writes the type's own text, which is the same as in Python's `ipaddress`.
        impl ToAttribute for $ty {
            fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
                writer.string(&self.to_string())
            }
        }

        impl SetElement for $ty {}
    )*};
}

texts! {
    Ipv4Addr, "an IPv4 address", |text| text.parse().ok();
    Ipv6Addr, "an IPv6 address", |text| text.parse().ok();
    IpAddr, "an IP address", |text| text.parse().ok();
}

#[cfg(feature = "ipnet")]
mod networks {
    use super::*;
    use ipnet::{IpNet, Ipv4Net, Ipv6Net};

    // Like Python's `ip_interface`, it reads an address alone as a network of one, and a mask instead of a prefix.
    texts! {
        IpNet, "an IP network", network;
        Ipv4Net, "an IPv4 network", |text| match network(text)? {
            IpNet::V4(net) => Some(net),
            IpNet::V6(_) => None,
        };
        Ipv6Net, "an IPv6 network", |text| match network(text)? {
            IpNet::V6(net) => Some(net),
            IpNet::V4(_) => None,
        };
    }

    fn network(text: &str) -> Option<IpNet> {
        match text.split_once('/') {
            None => text.parse::<IpAddr>().ok().map(IpNet::from),
            Some((address, mask)) => match mask.parse::<u8>() {
                Ok(prefix) => IpNet::new(address.parse().ok()?, prefix).ok(),
                Err(_) => IpNet::with_netmask(address.parse().ok()?, mask.parse().ok()?).ok(),
            },
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn networks_are_read_as_python_reads_them() {
            let text = |text| network(text).map(|net| net.to_string());
            assert_eq!(text("10.0.0.0/8").as_deref(), Some("10.0.0.0/8"));
            assert_eq!(text("10.1.2.3").as_deref(), Some("10.1.2.3/32"));
            assert_eq!(text("::1").as_deref(), Some("::1/128"));
            assert_eq!(text("192.168.0.5/255.255.255.0").as_deref(), Some("192.168.0.5/24"));
            for bad in ["", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "10.0.0.0/255.0.255.0", "::/129"] {
                assert_eq!(text(bad), None, "{bad}");
            }
        }
    }
}

#[cfg(feature = "url")]
mod url {
    use super::*;
    use ::url::Url;

    impl FromAttribute for Url {
        fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
            reader.with_str(|text| Url::parse(text).map_err(|error| ReadError::value("a url", error)))
        }
    }

    /// Writes the normal form of the URL Standard, like Pydantic.
    impl ToAttribute for Url {
        fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
            writer.string(self.as_str())
        }
    }

    impl SetElement for Url {}
}
