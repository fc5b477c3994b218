import { useQuery } from '@tanstack/react-query'
import { Timeline } from 'antd'
import { answer, api } from '../client.ts'
import { changesOf } from '../trail.ts'
import { useWords } from '../screen.tsx'
import { Changes } from './changes.tsx'
import { Loaded } from './loaded.tsx'
import { Moment } from './moment.tsx'
import { Sheet } from './sheet.tsx'
import { StateTag } from './state-tag.tsx'

/** Every version of an item: who wrote it, why, and what it changed. None is ever deleted. */
export function ItemVersions({ id, open, onClose }: { id: string; open: boolean; onClose: () => void }) {
  const { t } = useWords()
  const query = useQuery({
    queryKey: ['items', 'versions', id],
    queryFn: async () => (await answer(api.items[':id'].versions.$get({ param: { id } }))).versions,
    enabled: open,
  })
  return (
    <Sheet title={t('content.history')} open={open} onClose={onClose} wide>
      <Loaded query={query}>
        {(versions) => (
          <Timeline
            items={versions.map((version, index) => ({
              key: version.version,
              content: (
                <div className="stack version">
                  <div className="row">
                    <strong>{t('content.version', { version: version.version })}</strong>
                    <StateTag state={version.item.state} />
                    <Moment at={version.at} format="YYYY-MM-DD HH:mm:ss" />
                    <span>{version.personName}</span>
                  </div>
                  {version.reason && <p>{version.reason}</p>}
                  <Changes
                    changes={changesOf(versions[index + 1]?.item, version.item).filter(
                      (change) => change.field !== 'version' && change.field !== 'updatedAt',
                    )}
                  />
                </div>
              ),
            }))}
          />
        )}
      </Loaded>
    </Sheet>
  )
}
