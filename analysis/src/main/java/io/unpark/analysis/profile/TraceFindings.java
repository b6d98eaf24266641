package io.unpark.analysis.profile;

import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.codec.FindingCodec;
import io.unpark.analysis.model.Finding;
import java.util.ArrayList;
import java.util.List;

/** What the traces of an instance said last of each finding that profiles may join; what was withdrawn stays known. */
final class TraceFindings {
    /** As many as may stand of one instance; what comes beyond is not joined. */
    static final int MAX_FINDINGS = 2_000;

    private static final String PREFIX = "trace/";

    private final ProfileStore store;

    TraceFindings(ProfileStore store) {
        this.store = store;
    }

    Finding get(String findingId) {
        return read(PREFIX + findingId);
    }

    /** One of another version is as one that never came. */
    private Finding read(String name) {
        byte[] bytes = store.get(name);
        try {
            return bytes == null ? null : FindingCodec.fromBytes(bytes);
        } catch (CodecException e) {
            return null;
        }
    }

    /** Keeps a finding. @return false when a newer revision is kept, or there are too many */
    boolean keep(Finding finding) {
        Finding before = get(finding.findingId());
        boolean known = before != null;
        if (known && before.revision() >= finding.revision()
                || !known && store.names(PREFIX).size() >= MAX_FINDINGS) {
            return false;
        }
        store.put(PREFIX + finding.findingId(), FindingCodec.toBytes(finding));
        return true;
    }

    /** In the order of their ids. */
    List<Finding> all() {
        List<Finding> all = new ArrayList<>();
        for (String name : store.names(PREFIX)) {
            Finding finding = read(name);
            if (finding != null) {
                all.add(finding);
            }
        }
        return all;
    }
}
