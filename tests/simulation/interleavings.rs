//! Small cases in every order.
