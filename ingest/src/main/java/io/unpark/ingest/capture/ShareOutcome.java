package io.unpark.ingest.capture;

/** Takes down what a {@link CaptureSource} did. */
final class ShareOutcome implements CaptureSource.Outcome {
    private final CaptureDesk desk;
    private final Share share;

    ShareOutcome(CaptureDesk desk, Share share) {
        this.desk = desk;
        this.share = share;
    }

    @Override
    public void arrived(Accepted accepted) {
        desk.arrived(share, accepted);
    }

    @Override
    public void failed(String why) {
        desk.failed(share, why);
    }
}
