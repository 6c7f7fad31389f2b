package io.newapi.server.relay.provider;

/**
 * Which version of a provider's API a call is for, as far as that is said outside its channel.
 *
 * @param asked the client's word in its address ({@code api-version}), for Azure; empty if it says nothing
 * @param ofModel what the options say for the model, for Google
 */
public record ApiVersions(String asked, String ofModel) {

    /** What counts where nobody says anything. */
    public static final ApiVersions USUAL = new ApiVersions("", "v1beta");
}
