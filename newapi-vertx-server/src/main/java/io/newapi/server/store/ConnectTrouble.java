package io.newapi.server.store;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Says in the operator's words why a server could not be reached, or does not let anybody in. */
final class ConnectTrouble {

    private ConnectTrouble() {}

    /** Whether the two do not agree on TLS: somebody has to change a setting, waiting does not help. */
    static boolean isOfTls(Throwable failure) {
        return isOfCertificate(failure) || offersNoTls(failure);
    }

    /** What completes the sentence "cannot connect to the database ...: "; empty for trouble of another kind. */
    static Optional<String> sentence(Throwable failure) {
        if (isOfCertificate(failure)) {
            return Optional.of("its TLS certificate is not one that this node trusts");
        }
        if (offersNoTls(failure)) {
            return Optional.of("it does not offer TLS, which is asked for");
        }
        if (hasCause(failure, UnknownHostException.class)) {
            return Optional.of("there is no host of this name");
        }
        if (hasCause(failure, ConnectException.class)) {
            return Optional.of("nothing listens there");
        }
        if (hasCause(failure, SocketTimeoutException.class)) {
            return Optional.of("it does not answer");
        }
        for (Throwable at = failure; at != null; at = at.getCause()) {
            Optional<String> said = at instanceof SQLException sql ? sentence(sql) : Optional.empty();
            if (said.isPresent()) {
                return said;
            }
        }
        return Optional.empty();
    }

    /** Numbers as the manuals of MySQL and MariaDB list them, states as the standard and PostgreSQL's manual do. */
    private static Optional<String> sentence(SQLException failure) {
        return switch (failure.getErrorCode()) {
            case 1044 -> Optional.of("the user has no right to it");
            case 1049 -> Optional.of("the server has no such database");
            case 1045, 1698 ->
                Optional.of(
                        "the server does not accept this user with this password; one that wants TLS says the same");
            case 1130 -> Optional.of("the server does not let this host in");
            case 1129 -> Optional.of("the server has blocked this host after too many failures");
            case 1040, 1203 -> Optional.of("the server has no connection left");
            default ->
                switch (String.valueOf(failure.getSQLState())) {
                    case "3D000" -> Optional.of("the server has no such database");
                    case "28P01" -> Optional.of("the server does not accept this user with this password");
                    case "53300" -> Optional.of("the server has no connection left");
                    default -> Optional.empty();
                };
        };
    }

    private static boolean isOfCertificate(Throwable failure) {
        return hasCause(failure, CertificateException.class) || hasCause(failure, SSLPeerUnverifiedException.class);
    }

    /** The drivers have no number for it, only words. */
    private static boolean offersNoTls(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String message = String.valueOf(at.getMessage()).toLowerCase(Locale.ROOT);
            if (at instanceof SQLException
                    && (message.contains("ssl not enabled in the server")
                            || message.contains("does not support ssl"))) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (kind.isInstance(at)) {
                return true;
            }
        }
        return false;
    }
}
